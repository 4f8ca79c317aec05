# gnuplot enrichment.gp draws enrichment.svg, enrichment.png and enrichment.pdf from enrichment.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set termoption noenhanced
set key outside bottom center horizontal height 2
set title "How many of the superionic ones the first have found"
set xlabel "first structures of the list, %" offset 0,0.5
set ylabel "superionic ones found, %"
set xrange [0:100]
set yrange [0:100]
set terminal svg size 900,600 dynamic noenhanced
set output 'enrichment.svg'
plot 'enrichment.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ensemble", \
     'enrichment.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "random order", \
     'enrichment.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "perfect order", \
     'enrichment.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "P_SI at least 0.5"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'enrichment.png'
plot 'enrichment.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ensemble", \
     'enrichment.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "random order", \
     'enrichment.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "perfect order", \
     'enrichment.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "P_SI at least 0.5"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'enrichment.pdf'
plot 'enrichment.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ensemble", \
     'enrichment.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "random order", \
     'enrichment.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "perfect order", \
     'enrichment.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "P_SI at least 0.5"
unset output
