# SPDX-License-Identifier: BSD-3-Clause
# gnuplot training-average-precision.gp draws training-average-precision.svg, training-average-precision.png and training-average-precision.pdf from training-average-precision.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set key outside bottom center horizontal height 2
set termoption noenhanced
set title "average precision by epoch, by fold"
set xlabel "epoch" offset 0,0.5
set ylabel "average precision"
set xrange [*:*]
set yrange [*:*]
set terminal svg size 900,600 dynamic noenhanced
set output 'training-average-precision.svg'
plot 'training-average-precision.csv' using ($1 == 0 ? $2 : NaN):3 with linespoints lw 1.5 pt 7 pi 63 lc rgb '#0072B2' title "CAMN:V0", \
     'training-average-precision.csv' using ($1 == 1 ? $2 : NaN):3 with linespoints lw 1.5 pt 5 pi 63 lc rgb '#D55E00' title "CAMN:V1", \
     'training-average-precision.csv' using ($1 == 2 ? $2 : NaN):3 with linespoints lw 1.5 pt 9 pi 63 lc rgb '#009E73' title "CAMN:V2", \
     'training-average-precision.csv' using ($1 == 3 ? $2 : NaN):3 with linespoints lw 1.5 pt 13 pi 63 lc rgb '#CC79A7' title "CAMN:V3", \
     'training-average-precision.csv' using ($1 == 4 ? $2 : NaN):3 with linespoints lw 1.5 pt 11 pi 63 lc rgb '#E69F00' title "CAN:V0", \
     'training-average-precision.csv' using ($1 == 5 ? $2 : NaN):3 with linespoints lw 1.5 pt 15 pi 63 lc rgb '#56B4E9' title "CAN:V1", \
     'training-average-precision.csv' using ($1 == 6 ? $2 : NaN):3 with linespoints lw 1.5 pt 2 pi 63 lc rgb '#000000' title "CAN:V2", \
     'training-average-precision.csv' using ($1 == 7 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "labels shuffled"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'training-average-precision.png'
plot 'training-average-precision.csv' using ($1 == 0 ? $2 : NaN):3 with linespoints lw 1.5 pt 7 pi 63 lc rgb '#0072B2' title "CAMN:V0", \
     'training-average-precision.csv' using ($1 == 1 ? $2 : NaN):3 with linespoints lw 1.5 pt 5 pi 63 lc rgb '#D55E00' title "CAMN:V1", \
     'training-average-precision.csv' using ($1 == 2 ? $2 : NaN):3 with linespoints lw 1.5 pt 9 pi 63 lc rgb '#009E73' title "CAMN:V2", \
     'training-average-precision.csv' using ($1 == 3 ? $2 : NaN):3 with linespoints lw 1.5 pt 13 pi 63 lc rgb '#CC79A7' title "CAMN:V3", \
     'training-average-precision.csv' using ($1 == 4 ? $2 : NaN):3 with linespoints lw 1.5 pt 11 pi 63 lc rgb '#E69F00' title "CAN:V0", \
     'training-average-precision.csv' using ($1 == 5 ? $2 : NaN):3 with linespoints lw 1.5 pt 15 pi 63 lc rgb '#56B4E9' title "CAN:V1", \
     'training-average-precision.csv' using ($1 == 6 ? $2 : NaN):3 with linespoints lw 1.5 pt 2 pi 63 lc rgb '#000000' title "CAN:V2", \
     'training-average-precision.csv' using ($1 == 7 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "labels shuffled"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'training-average-precision.pdf'
plot 'training-average-precision.csv' using ($1 == 0 ? $2 : NaN):3 with linespoints lw 1.5 pt 7 pi 63 lc rgb '#0072B2' title "CAMN:V0", \
     'training-average-precision.csv' using ($1 == 1 ? $2 : NaN):3 with linespoints lw 1.5 pt 5 pi 63 lc rgb '#D55E00' title "CAMN:V1", \
     'training-average-precision.csv' using ($1 == 2 ? $2 : NaN):3 with linespoints lw 1.5 pt 9 pi 63 lc rgb '#009E73' title "CAMN:V2", \
     'training-average-precision.csv' using ($1 == 3 ? $2 : NaN):3 with linespoints lw 1.5 pt 13 pi 63 lc rgb '#CC79A7' title "CAMN:V3", \
     'training-average-precision.csv' using ($1 == 4 ? $2 : NaN):3 with linespoints lw 1.5 pt 11 pi 63 lc rgb '#E69F00' title "CAN:V0", \
     'training-average-precision.csv' using ($1 == 5 ? $2 : NaN):3 with linespoints lw 1.5 pt 15 pi 63 lc rgb '#56B4E9' title "CAN:V1", \
     'training-average-precision.csv' using ($1 == 6 ? $2 : NaN):3 with linespoints lw 1.5 pt 2 pi 63 lc rgb '#000000' title "CAN:V2", \
     'training-average-precision.csv' using ($1 == 7 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "labels shuffled"
unset output
