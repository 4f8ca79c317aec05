# gnuplot p-si-against-conductivity.gp draws p-si-against-conductivity.svg, p-si-against-conductivity.png and p-si-against-conductivity.pdf from p-si-against-conductivity.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set termoption noenhanced
set key outside bottom center horizontal height 2
set title "P_SI against the measured conductivity, structures that were not trained on"
set xlabel "log10 (conductivity at room temperature / S/cm)" offset 0,0.5
set ylabel "P_SI"
set xrange [*:*]
set yrange [0:1]
set cblabel "SD"
set palette defined (0 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 '#5ec962', 1 '#fde725')
set terminal svg size 900,600 dynamic noenhanced
set output 'p-si-against-conductivity.svg'
plot 'p-si-against-conductivity.csv' using ($1 == 0 ? $2 : NaN):3:4 with points pt 7 ps 1.0 lc palette title "structures", \
     'p-si-against-conductivity.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "1e-4 S/cm", \
     'p-si-against-conductivity.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "P_SI = 0.5"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'p-si-against-conductivity.png'
plot 'p-si-against-conductivity.csv' using ($1 == 0 ? $2 : NaN):3:4 with points pt 7 ps 1.0 lc palette title "structures", \
     'p-si-against-conductivity.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "1e-4 S/cm", \
     'p-si-against-conductivity.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "P_SI = 0.5"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'p-si-against-conductivity.pdf'
plot 'p-si-against-conductivity.csv' using ($1 == 0 ? $2 : NaN):3:4 with points pt 7 ps 1.0 lc palette title "structures", \
     'p-si-against-conductivity.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "1e-4 S/cm", \
     'p-si-against-conductivity.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "P_SI = 0.5"
unset output
