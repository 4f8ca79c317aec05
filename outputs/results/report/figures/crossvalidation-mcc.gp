# SPDX-License-Identifier: BSD-3-Clause
# gnuplot crossvalidation-mcc.gp draws crossvalidation-mcc.svg, crossvalidation-mcc.png and crossvalidation-mcc.pdf from crossvalidation-mcc.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set key outside bottom center horizontal height 2
set termoption noenhanced
set title "MCC of ensembles by cross-validation"
set xlabel "variant" offset 0,0.5
set ylabel "MCC"
set xrange [*:*]
set yrange [*:*]
set xtics rotate by -40 ("CAMN:V0" 0, "CAMN:V1" 1, "CAMN:V2" 2, "CAMN:V3" 3, "CAN:V0" 4, "CAN:V1" 5, "CAN:V2" 6, "CAN:V3" 7, "CAMNS:V0" 8, "CAMNS:V1" 9, "CAMNS:V2" 10, "CAMNS:V3" 11, "CANS:V0" 12, "CANS:V1" 13, "CANS:V2" 14, "CANS:V3" 15)
set terminal svg size 900,600 dynamic noenhanced
set output 'crossvalidation-mcc.svg'
plot 'crossvalidation-mcc.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "by fold", \
     'crossvalidation-mcc.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#D55E00' title "by fold, ± SD", \
     'crossvalidation-mcc.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "by fold, labels shuffled", \
     'crossvalidation-mcc.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 13 ps 1.0 lc rgb '#CC79A7' title "by cluster", \
     'crossvalidation-mcc.csv' using ($1 == 4 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#E69F00' title "by cluster, ± SD", \
     'crossvalidation-mcc.csv' using ($1 == 5 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "by cluster, labels shuffled"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'crossvalidation-mcc.png'
plot 'crossvalidation-mcc.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "by fold", \
     'crossvalidation-mcc.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#D55E00' title "by fold, ± SD", \
     'crossvalidation-mcc.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "by fold, labels shuffled", \
     'crossvalidation-mcc.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 13 ps 1.0 lc rgb '#CC79A7' title "by cluster", \
     'crossvalidation-mcc.csv' using ($1 == 4 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#E69F00' title "by cluster, ± SD", \
     'crossvalidation-mcc.csv' using ($1 == 5 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "by cluster, labels shuffled"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'crossvalidation-mcc.pdf'
plot 'crossvalidation-mcc.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "by fold", \
     'crossvalidation-mcc.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#D55E00' title "by fold, ± SD", \
     'crossvalidation-mcc.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "by fold, labels shuffled", \
     'crossvalidation-mcc.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 13 ps 1.0 lc rgb '#CC79A7' title "by cluster", \
     'crossvalidation-mcc.csv' using ($1 == 4 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#E69F00' title "by cluster, ± SD", \
     'crossvalidation-mcc.csv' using ($1 == 5 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "by cluster, labels shuffled"
unset output
