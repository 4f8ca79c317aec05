# gnuplot recovery-2005.gp draws recovery-2005.svg, recovery-2005.png and recovery-2005.pdf from recovery-2005.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set termoption noenhanced
set key outside bottom center horizontal height 2
set title "Conductors found after 2005, by what was known until then"
set xlabel "first compositions of the list, %" offset 0,0.5
set ylabel "conductors found, %"
set logscale x
set xrange [0.01:100]
set yrange [0:100]
set terminal svg size 900,600 dynamic noenhanced
set output 'recovery-2005.svg'
plot 'recovery-2005.csv' using ($1 == 0 ? $2 : NaN):3 with linespoints lw 1.5 pt 2 pi 5 lc rgb '#000000' title "P_SI", \
     'recovery-2005.csv' using ($1 == 1 ? $2 : NaN):3 with linespoints lw 1.5 pt 9 pi 5 lc rgb '#009E73' title "nearest neighbour", \
     'recovery-2005.csv' using ($1 == 2 ? $2 : NaN):3 with linespoints lw 1.5 pt 13 pi 5 lc rgb '#CC79A7' title "rule of thumb", \
     'recovery-2005.csv' using ($1 == 3 ? $2 : NaN):3 with linespoints lw 1.5 pt 11 pi 5 lc rgb '#E69F00' title "barrier", \
     'recovery-2005.csv' using ($1 == 4 ? $2 : NaN):3 with linespoints lw 1.5 pt 7 pi 5 lc rgb '#0072B2' title "P_SI, barrier and rule", \
     'recovery-2005.csv' using ($1 == 5 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "random order"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'recovery-2005.png'
plot 'recovery-2005.csv' using ($1 == 0 ? $2 : NaN):3 with linespoints lw 1.5 pt 2 pi 5 lc rgb '#000000' title "P_SI", \
     'recovery-2005.csv' using ($1 == 1 ? $2 : NaN):3 with linespoints lw 1.5 pt 9 pi 5 lc rgb '#009E73' title "nearest neighbour", \
     'recovery-2005.csv' using ($1 == 2 ? $2 : NaN):3 with linespoints lw 1.5 pt 13 pi 5 lc rgb '#CC79A7' title "rule of thumb", \
     'recovery-2005.csv' using ($1 == 3 ? $2 : NaN):3 with linespoints lw 1.5 pt 11 pi 5 lc rgb '#E69F00' title "barrier", \
     'recovery-2005.csv' using ($1 == 4 ? $2 : NaN):3 with linespoints lw 1.5 pt 7 pi 5 lc rgb '#0072B2' title "P_SI, barrier and rule", \
     'recovery-2005.csv' using ($1 == 5 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "random order"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'recovery-2005.pdf'
plot 'recovery-2005.csv' using ($1 == 0 ? $2 : NaN):3 with linespoints lw 1.5 pt 2 pi 5 lc rgb '#000000' title "P_SI", \
     'recovery-2005.csv' using ($1 == 1 ? $2 : NaN):3 with linespoints lw 1.5 pt 9 pi 5 lc rgb '#009E73' title "nearest neighbour", \
     'recovery-2005.csv' using ($1 == 2 ? $2 : NaN):3 with linespoints lw 1.5 pt 13 pi 5 lc rgb '#CC79A7' title "rule of thumb", \
     'recovery-2005.csv' using ($1 == 3 ? $2 : NaN):3 with linespoints lw 1.5 pt 11 pi 5 lc rgb '#E69F00' title "barrier", \
     'recovery-2005.csv' using ($1 == 4 ? $2 : NaN):3 with linespoints lw 1.5 pt 7 pi 5 lc rgb '#0072B2' title "P_SI, barrier and rule", \
     'recovery-2005.csv' using ($1 == 5 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "random order"
unset output
