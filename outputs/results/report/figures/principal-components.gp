# gnuplot principal-components.gp draws principal-components.svg, principal-components.png and principal-components.pdf from principal-components.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set termoption noenhanced
set key outside bottom center horizontal height 2
set title "Candidates beside the training set"
set xlabel "first principal component (60 % of the training set's variance)" offset 0,0.5
set ylabel "second principal component (24 % of the training set's variance)"
set xrange [*:*]
set yrange [*:*]
set terminal svg size 900,600 dynamic noenhanced
set output 'principal-components.svg'
plot 'principal-components.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 0.5 lc rgb '#a0a0a0' title "1000 of the others", \
     'principal-components.csv' using ($1 == 1 ? $2 : NaN):3 with points pt 11 ps 1.0 lc rgb '#E69F00' title "trained on, not superionic", \
     'principal-components.csv' using ($1 == 2 ? $2 : NaN):3 with points pt 9 ps 1.0 lc rgb '#009E73' title "trained on, superionic", \
     'principal-components.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "in the table of candidates"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'principal-components.png'
plot 'principal-components.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 0.5 lc rgb '#a0a0a0' title "1000 of the others", \
     'principal-components.csv' using ($1 == 1 ? $2 : NaN):3 with points pt 11 ps 1.0 lc rgb '#E69F00' title "trained on, not superionic", \
     'principal-components.csv' using ($1 == 2 ? $2 : NaN):3 with points pt 9 ps 1.0 lc rgb '#009E73' title "trained on, superionic", \
     'principal-components.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "in the table of candidates"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'principal-components.pdf'
plot 'principal-components.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 0.5 lc rgb '#a0a0a0' title "1000 of the others", \
     'principal-components.csv' using ($1 == 1 ? $2 : NaN):3 with points pt 11 ps 1.0 lc rgb '#E69F00' title "trained on, not superionic", \
     'principal-components.csv' using ($1 == 2 ? $2 : NaN):3 with points pt 9 ps 1.0 lc rgb '#009E73' title "trained on, superionic", \
     'principal-components.csv' using ($1 == 3 ? $2 : NaN):3 with points pt 5 ps 1.0 lc rgb '#D55E00' title "in the table of candidates"
unset output
