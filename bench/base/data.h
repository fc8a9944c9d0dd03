/* SPDX-License-Identifier: MIT
 *
 * data.h: where the files lie that belong to the program: plots, traces, the recorder. They are
 * looked for relative to the program itself, so that it can be moved with them and holds no path.
 */
#ifndef DATA_H
#define DATA_H

/* The path of the file or folder `name`: below share/tsobench or lib/tsobench of the prefix that
 * the program was installed in, beside the program (a bundle, a build), or one folder above (the
 * programs of tests). NULL when it is in none of them. The caller frees it. */
char *data_find(const char *name);

#endif
