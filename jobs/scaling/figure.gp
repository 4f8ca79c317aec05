# SPDX-License-Identifier: BSD-3-Clause
# Efficiency by number of ranks, from scaling.csv: gnuplot -e "folder='OUT/train'; stage='train'" jobs/scaling/figure.gp
set datafile separator ","
set terminal svg size 720,440 font "sans,13" background "white"
set output folder."/scaling.svg"
set title stage
set xlabel "ranks"
set ylabel "efficiency"
set logscale x
set yrange [0:1.1]
set key bottom left
set grid
rows(kind) = sprintf("< awk -F, '$1 == \"%s\"' '%s/scaling.csv'", kind, folder)
plot rows("strong") using 2:5 with linespoints pt 6 dt 2 title "forecast, the same work", \
     rows("weak") using 2:5 with linespoints pt 4 dt 3 title "forecast, work grows with the ranks", \
     rows("measured") using 2:5 with points pt 7 ps 1.2 title "measured"
