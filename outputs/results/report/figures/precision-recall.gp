# gnuplot precision-recall.gp draws precision-recall.svg, precision-recall.png and precision-recall.pdf from precision-recall.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set termoption noenhanced
set key outside bottom center horizontal height 2
set title "Precision and recall, structures that were not trained on"
set xlabel "recall" offset 0,0.5
set ylabel "precision"
set xrange [0:1]
set yrange [0:1]
set terminal svg size 900,600 dynamic noenhanced
set output 'precision-recall.svg'
plot 'precision-recall.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ensemble", \
     'precision-recall.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "random order", \
     'precision-recall.csv' using ($1 == 2 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "P_SI at least 0.5"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'precision-recall.png'
plot 'precision-recall.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ensemble", \
     'precision-recall.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "random order", \
     'precision-recall.csv' using ($1 == 2 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "P_SI at least 0.5"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'precision-recall.pdf'
plot 'precision-recall.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ensemble", \
     'precision-recall.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "random order", \
     'precision-recall.csv' using ($1 == 2 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "P_SI at least 0.5"
unset output
