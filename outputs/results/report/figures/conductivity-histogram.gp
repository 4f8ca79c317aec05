# SPDX-License-Identifier: BSD-3-Clause
# gnuplot conductivity-histogram.gp draws conductivity-histogram.svg, conductivity-histogram.png and conductivity-histogram.pdf from conductivity-histogram.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set key outside bottom center horizontal height 2
set termoption noenhanced
set title "Measured conductivities"
set xlabel "log10 (conductivity at room temperature / S/cm)" offset 0,0.5
set ylabel "entries"
set xrange [*:*]
set yrange [0:*]
set xtics rotate by -40 ("-18" 0, "-17" 1, "-16" 2, "-15" 3, "-14" 4, "-13" 5, "-12" 6, "-11" 7, "-10" 8, "-9" 9, "-8" 10, "-7" 11, "-6" 12, "-5" 13, "-4" 14, "-3" 15, "-2" 16)
set terminal svg size 900,600 dynamic noenhanced
set output 'conductivity-histogram.svg'
set boxwidth 0.4
plot 'conductivity-histogram.csv' using ($1 == 0 ? $2-0.2 : NaN):3 with boxes lc rgb '#0072B2' fs solid 0.7 title "measured", \
     'conductivity-histogram.csv' using ($1 == 1 ? $2+0.2 : NaN):3 with boxes lc rgb '#D55E00' fs solid 0.7 title "upper bounds"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'conductivity-histogram.png'
set boxwidth 0.4
plot 'conductivity-histogram.csv' using ($1 == 0 ? $2-0.2 : NaN):3 with boxes lc rgb '#0072B2' fs solid 0.7 title "measured", \
     'conductivity-histogram.csv' using ($1 == 1 ? $2+0.2 : NaN):3 with boxes lc rgb '#D55E00' fs solid 0.7 title "upper bounds"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'conductivity-histogram.pdf'
set boxwidth 0.4
plot 'conductivity-histogram.csv' using ($1 == 0 ? $2-0.2 : NaN):3 with boxes lc rgb '#0072B2' fs solid 0.7 title "measured", \
     'conductivity-histogram.csv' using ($1 == 1 ? $2+0.2 : NaN):3 with boxes lc rgb '#D55E00' fs solid 0.7 title "upper bounds"
unset output
