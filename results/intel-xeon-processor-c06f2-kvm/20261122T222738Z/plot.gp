# Written by tsobench report for the scripts under plots/.
caption = "Intel Xeon Processor (guest of kvm), Linux 6.18.44-fc-v657; 4 KiB pages, buffers on 2048 KiB pages; fixed-tso; measured 2026-11-22, seed 0x51bd6fe31c49204b"
intervals = 1
series = 12
array lowering[series]
array model[series]
lowering[1] = "plain"; model[1] = "fixed-tso"
lowering[2] = "native"; model[2] = "fixed-tso"
lowering[3] = "sc-lock-add"; model[3] = "fixed-tso"
lowering[4] = "sc-mfence"; model[4] = "fixed-tso"
lowering[5] = "sc-xchg"; model[5] = "fixed-tso"
lowering[6] = "libc"; model[6] = "fixed-tso"
lowering[7] = "movnti"; model[7] = "fixed-tso"
lowering[8] = "rep-stosb"; model[8] = "fixed-tso"
lowering[9] = "movntdq"; model[9] = "fixed-tso"
lowering[10] = "vmovntdq"; model[10] = "fixed-tso"
lowering[11] = "plain-vector"; model[11] = "fixed-tso"
lowering[12] = "plain-rep"; model[12] = "fixed-tso"
$headline << EOD
1 -1 2 1.00002 0.99986 1.00018 0
1 -2 3 48.5755 48.5638 48.5873 0
1 -3 4 89.9972 89.9727 90.0218 0
1 -4 5 33.7 33.6888 33.7113 0
1 -6 2 0.999979 0.999327 1.00063 0
1 -7 3 22.1344 18.8957 25.9282 0
1 -8 4 40.8024 37.9657 43.8511 0
1 -9 5 15.029 14.0734 16.0495 0
EOD
headline_columns = 1
headline_lines = 9
headline_unsound = 0
$headline_tics << EOD
1 -2.5 memset
1 -7.5 rep_movs
EOD
$bandwidth << EOD
EOD
bandwidth_panels = 0
array bandwidth_panel[1]
array bandwidth_series[1]
array bandwidth_unsound[1]
array bandwidth_tics[1]
$threads << EOD
EOD
threads_panels = 0
array threads_panel[1]
array threads_series[1]
array threads_unsound[1]
array threads_tics[1]
$sensitivity << EOD
1 2 1 0.999979 0.999327 1.00063
1 2 2 0.999629 0.998877 1.00038
1 2 4 1.00105 0.997206 1.0049
1 2 8 1.00004 0.999784 1.0003
1 3 1 22.1344 18.8957 25.9282
1 3 2 20.1583 17.1263 23.7271
1 3 4 20.8334 20.5528 21.1179
1 3 8 20.2999 20.1451 20.456
1 4 1 40.8024 37.9657 43.8511
1 4 2 39.3382 36.8424 42.0031
1 4 4 40.1881 40.0932 40.2833
1 4 8 40.0871 40.0811 40.093
1 5 1 15.029 14.0734 16.0495
1 5 2 13.986 13.1016 14.9302
1 5 4 14.2743 14.2314 14.3174
1 5 8 14.2365 14.2343 14.2387
EOD
sensitivity_panels = 1
array sensitivity_panel[1]
array sensitivity_series[1]
array sensitivity_unsound[1]
array sensitivity_tics[1]
sensitivity_panel[1] = "rep_movs over bytes"
sensitivity_series[1] = " 2 3 4 5 "
sensitivity_unsound[1] = " "
sensitivity_tics[1] = "'1' 1, '2' 2, '4' 4, '8' 8"
$fence_cost << EOD
EOD
fence_cost_panels = 0
array fence_cost_panel[1]
array fence_cost_series[1]
array fence_cost_unsound[1]
array fence_cost_tics[1]
$knee << EOD
EOD
knee_panels = 0
array knee_panel[1]
array knee_series[1]
array knee_unsound[1]
array knee_tics[1]
$queues << EOD
EOD
queues_panels = 0
array queues_panel[1]
array queues_series[1]
array queues_unsound[1]
array queues_tics[1]
$locks << EOD
EOD
locks_panels = 0
array locks_panel[1]
array locks_series[1]
array locks_unsound[1]
array locks_tics[1]
$replays << EOD
1 3 0 13.6889 13.6792 13.6986
1 3 1 7.87455 6.93393 8.94276
1 3 2 1.00002 0.99996 1.00007
1 3 3 9.05273 9.04587 9.0596
1 3 4 5.44545 5.43701 5.4539
1 3 5 7.59126 6.99287 8.24085
1 3 6 17.207 17.1969 17.2171
1 3 7 16.5636 16.5499 16.5772
1 3 8 19.2044 19.141 19.2679
1 3 9 8.9737 8.96305 8.98435
1 3 10 13.6248 13.586 13.6636
1 4 0 25.896 25.8917 25.9002
1 4 1 15.2603 14.3127 16.2706
1 4 2 1.00002 1 1.00004
1 4 3 16.7138 16.7122 16.7154
1 4 4 10.7039 10.7026 10.7052
1 4 5 14.7694 14.7486 14.7902
1 4 6 32.6677 32.6572 32.6782
1 4 7 31.2671 31.2471 31.2872
1 4 8 36.0429 35.9626 36.1234
1 4 9 17.5458 17.5439 17.5476
1 4 10 27.1347 27.1168 27.1526
1 5 0 11.8228 11.8218 11.8239
1 5 1 175.206 104.965 292.451
1 5 2 1.00006 1.00001 1.00011
1 5 3 6.8191 6.81807 6.82013
1 5 4 10.4301 10.4291 10.4311
1 5 5 6.30573 6.23434 6.37795
1 5 6 12.2714 12.263 12.2799
1 5 7 12.3098 12.2979 12.3218
1 5 8 13.9689 13.938 13.9998
1 5 9 6.75541 6.75466 6.75616
1 5 10 10.9233 10.9165 10.93
EOD
replays_panels = 1
array replays_panel[1]
array replays_series[1]
array replays_unsound[1]
array replays_tics[1]
replays_panel[1] = "traces"
replays_series[1] = " 3 4 5 "
replays_unsound[1] = " "
replays_tics[1] = "'cc1' 0, 'cjpeg' 1, 'flac' 2, 'gstreamer' 3, 'luajit' 4, 'openssl' 5, 'pigz' 6, 'python' 7, 'python-threads' 8, 'sqlite' 9, 'zstd' 10"
$prediction << EOD
1 3 1.000016623 1 1 1
1 3 5.445447526 5.2236 4.36469 5.89132
1 3 7.591257173 8.68895 7.8881 9.94838
1 3 7.874546417 8.28292 7.34035 9.46409
1 3 8.973695096 10.1938 9.20845 11.6982
1 3 9.052732144 9.89072 8.95962 11.3469
1 3 13.62477296 14.2965 12.8457 16.4709
1 3 13.68887738 14.5976 13.0912 16.8197
1 3 16.56356049 17.5636 15.8442 20.2733
1 3 17.20698777 18.5455 16.7513 21.4217
1 3 19.20438726 20.0375 18.0499 23.1559
1 4 1.000020547 1 1 1
1 4 10.70390883 10.3492 10.1953 10.4592
1 4 14.76936071 15.011 14.5907 15.4769
1 4 15.26027767 15.006 14.641 15.3836
1 4 16.71377131 17.2208 16.7357 17.7577
1 4 17.54576152 17.8627 17.3652 18.41
1 4 25.89597597 26.1335 25.4068 26.926
1 4 27.13469667 25.489 24.7743 26.2716
1 4 31.26713101 31.1704 30.2657 32.1737
1 4 32.66768855 32.8407 31.8755 33.9153
1 4 36.04289807 35.7091 34.6693 36.8609
1 5 1.000060164 1 1 1
1 5 6.305733649 6.88984 5.91793 10.1454
1 5 6.755405884 8.43211 7.29408 12.2189
1 5 6.819101315 7.88085 6.76137 11.6261
1 5 10.43010301 10.1201 9.95066 10.3088
1 5 10.92326637 12.1095 10.486 17.4882
1 5 11.82283979 12.6818 11.0414 18.095
1 5 12.27142236 13.972 11.7251 21.5282
1 5 12.30982925 13.6654 11.5716 20.6818
1 5 13.96885579 15.6479 13.2454 23.6909
1 5 175.2056891 161.966 146.595 188.23
EOD
prediction_panels = 1
array prediction_panel[1]
array prediction_series[1]
array prediction_unsound[1]
array prediction_tics[1]
prediction_panel[1] = "all traces"
prediction_series[1] = " 3 4 5 "
prediction_unsound[1] = " "
prediction_tics[1] = ""
stalls_panels = 0
stalls_parts = 11
array stalls_part[11]
stalls_part[1] = "front end"
stalls_part[2] = "memory"
stalls_part[3] = "store buffer full"
stalls_part[4] = "other stores"
stalls_part[5] = "loads"
stalls_part[6] = "other back end"
stalls_part[7] = "map stage"
stalls_part[8] = "loads"
stalls_part[9] = "store buffer full"
stalls_part[10] = "back end"
stalls_part[11] = "not stalled, or not known"
