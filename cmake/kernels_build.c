/* SPDX-License-Identifier: MIT
 *
 * kernels_build.c: a use of every kind of primitive, by which CMake finds out whether a compiler
 * takes them.
 */
#include "element.h"

VEC32_TARGET static void move(uint64_t *to, const uint64_t *from) {
    data_store8((uint8_t *)to, data_load8((const uint8_t *)from));
    data_store64(to, data_load64(from));
    data_store_pair(to, data_load_pair(from));
    data_store_vec16(to, vec16_of_pair(pair_of_vec16(data_load_vec16(from))));
    data_store_vec32(to, data_load_vec32(from));
    data_copy(to, from, 16);
    sync_fence();
}

int main(void) {
    uint64_t words[8] __attribute__((aligned(64))) = {0};
    struct pair pair = {1, 2};
    move(words, words + 4);
    pair = sync_compare_exchange_pair(words, pair, pair);
    return (int)(pair.low + sync_exchange64(words, 1) + sync_compare_exchange64(words, 1, 2) +
                 sync_fetch_add64(words, 3));
}
