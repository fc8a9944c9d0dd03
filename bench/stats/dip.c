/* SPDX-License-Identifier: MIT */
#include "stats/dip.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/die.h"

/* The slope of the empirical distribution from point i to j, and its height over a chord. */
static double slope(const double *x, size_t i, size_t j) {
    return (double)(j - i) / (x[j] - x[i]);
}

/* The points of the greatest convex minorant (least concave majorant) of the points [first, last]
 * of the distribution function; ties of x make it steeper than any number, which is in order. */
static size_t hull(const double *x, size_t first, size_t last, bool convex, size_t *points) {
    size_t count = 0;
    for (size_t i = first; i <= last; i++) {
        while (count >= 2) {
            double before = slope(x, points[count - 2], points[count - 1]);
            double after = slope(x, points[count - 1], i);
            if (convex ? before < after : before > after)
                break;
            count--;
        }
        points[count++] = i;
    }
    return count;
}

/* The height over i (of 1, in steps) of the hull's chord above x. */
static double height(const double *x, const size_t *points, size_t count, size_t i) {
    size_t k = 1;
    while (k + 1 < count && points[k] < i)
        k++;
    size_t a = points[k - 1], b = points[k];
    return x[b] > x[a] ? (double)a + (double)(b - a) * (x[i] - x[a]) / (x[b] - x[a]) : (double)b;
}

/* Hartigan's algorithm: the modal interval [low, high] shrinks to where minorant and majorant are
 * furthest apart; the dip is the largest distance of the function from them outside of it. */
double dip_of(const double *x, size_t n) {
    if (n < 4 || !(x[n - 1] > x[0]))
        return 0;
    size_t *minor = allocate(n, sizeof *minor), *major = allocate(n, sizeof *major);
    size_t low = 0, high = n - 1;
    double dip = 1; /* in half steps of 1 / n */
    for (;;) {
        size_t minors = hull(x, low, high, true, minor), majors = hull(x, low, high, false, major);
        double apart = 0;
        size_t new_low = low, new_high = high;
        for (size_t k = 0, j = 0; k < minors; k++) { /* at the minorant's points */
            while (j + 1 < majors && major[j + 1] <= minor[k])
                j++;
            double d = height(x, major, majors, minor[k]) - (double)minor[k] + 1;
            if (d >= apart) {
                apart = d;
                new_low = minor[k];
                new_high = major[j] >= minor[k] || j + 1 == majors ? major[j] : major[j + 1];
            }
        }
        for (size_t k = 0, j = 0; k < majors; k++) { /* at the majorant's */
            while (j + 1 < minors && minor[j + 1] <= major[k])
                j++;
            double d = (double)major[k] - height(x, minor, minors, major[k]) + 1;
            if (d >= apart) {
                apart = d;
                new_low = minor[j];
                new_high = major[k];
            }
        }
        if (apart < dip)
            break;
        for (size_t i = low; i <= new_low; i++)
            dip = fmax(dip, (double)i - height(x, minor, minors, i) + 1);
        for (size_t i = new_high; i <= high; i++)
            dip = fmax(dip, height(x, major, majors, i) - (double)i + 1);
        if ((new_low == low && new_high == high) || new_low >= new_high)
            break;
        low = new_low;
        high = new_high;
    }
    free(minor);
    free(major);
    return dip / (2 * (double)n);
}
