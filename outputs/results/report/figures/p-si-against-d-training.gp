# gnuplot p-si-against-d-training.gp draws p-si-against-d-training.svg, p-si-against-d-training.png and p-si-against-d-training.pdf from p-si-against-d-training.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set termoption noenhanced
set key outside bottom center horizontal height 2
set title "P_SI against the distance to the training set"
set xlabel "d_training" offset 0,0.5
set ylabel "P_SI"
set xrange [0:*]
set yrange [0:1]
set cblabel "SD"
set palette defined (0 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 '#5ec962', 1 '#fde725')
set terminal svg size 900,600 dynamic noenhanced
set output 'p-si-against-d-training.svg'
plot 'p-si-against-d-training.csv' using ($1 == 0 ? $2 : NaN):3:4 with points pt 11 ps 1.0 lc palette title "1000 of the others", \
     'p-si-against-d-training.csv' using ($1 == 1 ? $2 : NaN):3:4 with points pt 5 ps 1.0 lc palette title "in the table of candidates"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'p-si-against-d-training.png'
plot 'p-si-against-d-training.csv' using ($1 == 0 ? $2 : NaN):3:4 with points pt 11 ps 1.0 lc palette title "1000 of the others", \
     'p-si-against-d-training.csv' using ($1 == 1 ? $2 : NaN):3:4 with points pt 5 ps 1.0 lc palette title "in the table of candidates"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'p-si-against-d-training.pdf'
plot 'p-si-against-d-training.csv' using ($1 == 0 ? $2 : NaN):3:4 with points pt 11 ps 1.0 lc palette title "1000 of the others", \
     'p-si-against-d-training.csv' using ($1 == 1 ? $2 : NaN):3:4 with points pt 5 ps 1.0 lc palette title "in the table of candidates"
unset output
