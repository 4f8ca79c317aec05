# SPDX-License-Identifier: BSD-3-Clause
# gnuplot conductivity-by-space-group.gp draws conductivity-by-space-group.svg, conductivity-by-space-group.png and conductivity-by-space-group.pdf from conductivity-by-space-group.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set key outside bottom center horizontal height 2
set termoption noenhanced
set title "Measured conductivity by space group"
set xlabel "space group" offset 0,0.5
set ylabel "log10 (conductivity at room temperature / S/cm)"
set xrange [0:231]
set yrange [*:*]
set terminal svg size 900,600 dynamic noenhanced
set output 'conductivity-by-space-group.svg'
plot 'conductivity-by-space-group.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "measured", \
     'conductivity-by-space-group.csv' using ($1 == 1 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "upper bounds", \
     'conductivity-by-space-group.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "0.0001 S/cm"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'conductivity-by-space-group.png'
plot 'conductivity-by-space-group.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "measured", \
     'conductivity-by-space-group.csv' using ($1 == 1 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "upper bounds", \
     'conductivity-by-space-group.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "0.0001 S/cm"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'conductivity-by-space-group.pdf'
plot 'conductivity-by-space-group.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "measured", \
     'conductivity-by-space-group.csv' using ($1 == 1 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "upper bounds", \
     'conductivity-by-space-group.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "0.0001 S/cm"
unset output
