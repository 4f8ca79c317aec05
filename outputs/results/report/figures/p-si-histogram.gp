# gnuplot p-si-histogram.gp draws p-si-histogram.svg, p-si-histogram.png and p-si-histogram.pdf from p-si-histogram.csv.
reset
set encoding utf8
set datafile separator comma
set grid lc rgb '#dddddd'
set termoption noenhanced
set key outside bottom center horizontal height 2
set title "P_SI of all structures screened"
set xlabel "P_SI" offset 0,0.5
set ylabel "structures"
set xrange [0:1]
set logscale y
set yrange [0.8:*]
set terminal svg size 900,600 dynamic noenhanced
set output 'p-si-histogram.svg'
set multiplot
plot 'p-si-histogram.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ordered"
set origin 0.52,0.5
set size 0.46,0.42
unset title
unset key
unset xlabel
unset ylabel
unset logscale y
set yrange [0:*]
set xrange [0.5000001:*]
set xtics 0.1
plot 'p-si-histogram.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ordered"
set xtics autofreq
unset multiplot
set origin 0,0
set size 1,1
set key outside bottom center horizontal height 2
set title "P_SI of all structures screened"
set xlabel "P_SI" offset 0,0.5
set ylabel "structures"
set xrange [0:1]
set logscale y
set yrange [0.8:*]
set terminal pngcairo size 1350,900 font 'sans,18' noenhanced
set output 'p-si-histogram.png'
set multiplot
plot 'p-si-histogram.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ordered"
set origin 0.52,0.5
set size 0.46,0.42
unset title
unset key
unset xlabel
unset ylabel
unset logscale y
set yrange [0:*]
set xrange [0.5000001:*]
set xtics 0.1
plot 'p-si-histogram.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ordered"
set xtics autofreq
unset multiplot
set origin 0,0
set size 1,1
set key outside bottom center horizontal height 2
set title "P_SI of all structures screened"
set xlabel "P_SI" offset 0,0.5
set ylabel "structures"
set xrange [0:1]
set logscale y
set yrange [0.8:*]
set terminal pdfcairo size 15cm,10cm noenhanced
set output 'p-si-histogram.pdf'
set multiplot
plot 'p-si-histogram.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ordered"
set origin 0.52,0.5
set size 0.46,0.42
unset title
unset key
unset xlabel
unset ylabel
unset logscale y
set yrange [0:*]
set xrange [0.5000001:*]
set xtics 0.1
plot 'p-si-histogram.csv' using ($1 == 0 ? $2 : NaN):3 with lines lw 1.5 dt 1 lc rgb '#0072B2' title "ordered"
set xtics autofreq
unset multiplot
set origin 0,0
set size 1,1
set key outside bottom center horizontal height 2
set title "P_SI of all structures screened"
set xlabel "P_SI" offset 0,0.5
set ylabel "structures"
set xrange [0:1]
set logscale y
set yrange [0.8:*]
unset output
