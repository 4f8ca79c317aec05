# gnuplot calibration.gp draws calibration.svg, calibration.png and calibration.pdf from calibration.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set termoption noenhanced
set key outside bottom center horizontal height 2
set title "How often structures of a given P_SI are superionic"
set xlabel "mean P_SI of the bin" offset 0,0.5
set ylabel "observed share of superionic structures"
set xrange [0:1]
set yrange [0:1]
set terminal svg size 900,600 dynamic noenhanced
set output 'calibration.svg'
plot 'calibration.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "observed", \
     'calibration.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "interval", \
     'calibration.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "perfect"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'calibration.png'
plot 'calibration.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "observed", \
     'calibration.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "interval", \
     'calibration.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "perfect"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'calibration.pdf'
plot 'calibration.csv' using ($1 == 0 ? $2 : NaN):3 with points pt 7 ps 1.0 lc rgb '#0072B2' title "observed", \
     'calibration.csv' using ($1 == 1 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "interval", \
     'calibration.csv' using ($1 == 2 ? $2 : NaN):3 with lines lw 1.5 dt 2 lc rgb '#808080' title "perfect"
unset output
