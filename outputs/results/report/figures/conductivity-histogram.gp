# gnuplot conductivity-histogram.gp draws conductivity-histogram.svg, conductivity-histogram.png and conductivity-histogram.pdf from conductivity-histogram.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set termoption noenhanced
set key outside bottom center horizontal height 2
set title "Measured conductivities"
set xlabel "log10 (conductivity at room temperature / S/cm)" offset 0,0.5
set ylabel "entries"
set xrange [*:*]
set yrange [0:*]
set xtics rotate by -40 ("-26" 0, "-24" 2, "-22" 4, "-20" 6, "-18" 8, "-16" 10, "-14" 12, "-12" 14, "-10" 16, "-8" 18, "-6" 20, "-4" 22, "-2" 24)
set terminal svg size 900,600 dynamic noenhanced
set output 'conductivity-histogram.svg'
set boxwidth 0.4
plot 'conductivity-histogram.csv' using ($1 == 0 ? $2-0.2 : NaN):3 with boxes lc rgb '#0072B2' fs solid 0.7 title "measured", \
     'conductivity-histogram.csv' using ($1 == 1 ? $2+0.2 : NaN):3 with boxes lc rgb '#E69F00' fs solid 0.7 title "upper bounds"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'conductivity-histogram.png'
set boxwidth 0.4
plot 'conductivity-histogram.csv' using ($1 == 0 ? $2-0.2 : NaN):3 with boxes lc rgb '#0072B2' fs solid 0.7 title "measured", \
     'conductivity-histogram.csv' using ($1 == 1 ? $2+0.2 : NaN):3 with boxes lc rgb '#E69F00' fs solid 0.7 title "upper bounds"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'conductivity-histogram.pdf'
set boxwidth 0.4
plot 'conductivity-histogram.csv' using ($1 == 0 ? $2-0.2 : NaN):3 with boxes lc rgb '#0072B2' fs solid 0.7 title "measured", \
     'conductivity-histogram.csv' using ($1 == 1 ? $2+0.2 : NaN):3 with boxes lc rgb '#E69F00' fs solid 0.7 title "upper bounds"
unset output
