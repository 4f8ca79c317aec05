# gnuplot funnel.gp draws funnel.svg, funnel.png and funnel.pdf from funnel.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set termoption noenhanced
set key outside bottom center horizontal height 2
set title "What each filter leaves"
set xlabel "after the filter" offset 0,0.5
set ylabel "structures left"
set xrange [*:*]
set logscale y
set yrange [0.8:*]
set xtics rotate by -40 ("all" 0, "intermetallic" 1, "novelty" 2, "band gap" 3)
set terminal svg size 900,600 dynamic noenhanced
set output 'funnel.svg'
set boxwidth 0.8
plot 'funnel.csv' using ($1 == 0 ? $2 : NaN):3 with boxes lc rgb '#0072B2' fs solid 0.7 title "left"
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'funnel.png'
set boxwidth 0.8
plot 'funnel.csv' using ($1 == 0 ? $2 : NaN):3 with boxes lc rgb '#0072B2' fs solid 0.7 title "left"
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'funnel.pdf'
set boxwidth 0.8
plot 'funnel.csv' using ($1 == 0 ? $2 : NaN):3 with boxes lc rgb '#0072B2' fs solid 0.7 title "left"
unset output
