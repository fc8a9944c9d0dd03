#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# Writes the inputs that are too large to keep into the current folder: always the same bytes.
use strict;
use warnings;

# Park and Miller's "minimal standard" generator, CACM 31(10), 1988: exact in any arithmetic.
my $state = 1;
sub below { $state = $state * 16807 % 2147483647; return $state % $_[0] }

sub create {
    my ($name, $bytes) = @_;
    open my $file, '>:raw', $name or die "$name: $!\n";
    print $file $bytes;
    close $file or die "$name: $!\n";
}

# text, and 8 times as much of it: words of a vocabulary in which the first ones are the frequent ones.
my @words = map { join '', map { chr 97 + below(26) } 0 .. 1 + below(9) } 1 .. 4000;
my $text = '';
while (length $text < 1 << 20) {
    my $most = 1 + below(scalar @words);
    $text .= $words[below($most)] . (below(12) ? ' ' : ".\n");
}
create 'text', $text;
create 'texts', $text x 8;

# sound: 3 s of two voices and some noise, 16 bits, two channels.
my $sound = '';
for my $i (0 .. 3 * 44100 - 1) {
    my ($low, $high) = (abs($i % 401 - 200) * 60, abs($i % 89 - 44) * 80);
    $sound .= pack 's<2', $low + $high + below(64) - 8000, $low - $high + below(64) - 4000;
}
create 'sound', $sound;

# picture.ppm: colours that shade off, with edges and grain.
my ($width, $height, $picture) = (640, 480, '');
for my $y (0 .. $height - 1) {
    for my $x (0 .. $width - 1) {
        my $edge = ($x / 40 + $y / 30) % 2 ? 60 : 0;
        $picture .= pack 'C3', $x * 180 / $width + $edge, $y * 180 / $height + $edge, 40 + below(50);
    }
}
create 'picture.ppm', "P6\n$width $height\n255\n$picture";
