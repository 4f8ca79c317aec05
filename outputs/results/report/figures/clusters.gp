# SPDX-License-Identifier: BSD-3-Clause
# gnuplot clusters.gp draws clusters.svg, clusters.png and clusters.pdf from clusters.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set key outside bottom center horizontal height 2
set termoption noenhanced
set title "Compounds by composition"
set xlabel "UMAP 1" offset 0,0.5
set ylabel "UMAP 2"
set xrange [*:*]
set yrange [*:*]
set terminal svg size 900,600 dynamic noenhanced
set output 'clusters.svg'
plot 'clusters.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "cluster 0", \
     'clusters.csv' using ($1 == 1 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "cluster 1", \
     'clusters.csv' using ($1 == 2 ? $2 : NaN):3 with points pt 9 ps 1.0 lc rgb '#009E73' title "cluster 2", \
     'clusters.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 13 ps 1.0 lc rgb '#CC79A7' title "cluster 3", \
     'clusters.csv' using ($1 == 4 ? $2 : NaN):3 with points pt 11 ps 1.0 lc rgb '#E69F00' title "cluster 4", \
     'clusters.csv' using ($1 == 5 ? $2 : NaN):3 with points pt 15 ps 1.0 lc rgb '#56B4E9' title "cluster 5", \
     'clusters.csv' using ($1 == 6 ? $2 : NaN):3 with points pt 2 ps 1.0 lc rgb '#000000' title "cluster 6", \
     'clusters.csv' using ($1 == 7 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#0072B2' title "cluster 7", \
     'clusters.csv' using ($1 == 8 ? $2 : NaN):3 with points pt 9 ps 1.0 lc rgb '#D55E00' title "cluster 8"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'clusters.png'
plot 'clusters.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "cluster 0", \
     'clusters.csv' using ($1 == 1 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "cluster 1", \
     'clusters.csv' using ($1 == 2 ? $2 : NaN):3 with points pt 9 ps 1.0 lc rgb '#009E73' title "cluster 2", \
     'clusters.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 13 ps 1.0 lc rgb '#CC79A7' title "cluster 3", \
     'clusters.csv' using ($1 == 4 ? $2 : NaN):3 with points pt 11 ps 1.0 lc rgb '#E69F00' title "cluster 4", \
     'clusters.csv' using ($1 == 5 ? $2 : NaN):3 with points pt 15 ps 1.0 lc rgb '#56B4E9' title "cluster 5", \
     'clusters.csv' using ($1 == 6 ? $2 : NaN):3 with points pt 2 ps 1.0 lc rgb '#000000' title "cluster 6", \
     'clusters.csv' using ($1 == 7 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#0072B2' title "cluster 7", \
     'clusters.csv' using ($1 == 8 ? $2 : NaN):3 with points pt 9 ps 1.0 lc rgb '#D55E00' title "cluster 8"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'clusters.pdf'
plot 'clusters.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "cluster 0", \
     'clusters.csv' using ($1 == 1 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "cluster 1", \
     'clusters.csv' using ($1 == 2 ? $2 : NaN):3 with points pt 9 ps 1.0 lc rgb '#009E73' title "cluster 2", \
     'clusters.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 13 ps 1.0 lc rgb '#CC79A7' title "cluster 3", \
     'clusters.csv' using ($1 == 4 ? $2 : NaN):3 with points pt 11 ps 1.0 lc rgb '#E69F00' title "cluster 4", \
     'clusters.csv' using ($1 == 5 ? $2 : NaN):3 with points pt 15 ps 1.0 lc rgb '#56B4E9' title "cluster 5", \
     'clusters.csv' using ($1 == 6 ? $2 : NaN):3 with points pt 2 ps 1.0 lc rgb '#000000' title "cluster 6", \
     'clusters.csv' using ($1 == 7 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#0072B2' title "cluster 7", \
     'clusters.csv' using ($1 == 8 ? $2 : NaN):3 with points pt 9 ps 1.0 lc rgb '#D55E00' title "cluster 8"
unset output
