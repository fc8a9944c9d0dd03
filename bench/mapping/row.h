/* SPDX-License-Identifier: MIT
 *
 * row.h: the words of one lowering, whose header was included before, as an initialiser. For
 * generated/words_<isa>.def, which includes it once a header, and so it has no guard.
 */
{
    .name = LOWERING_NAME,
    LOWERING_WORDS,
#ifdef LOWERING_COVERAGE_SYNC
    .coverage = COVERAGE_SYNC,
#endif
},
#undef LOWERING_NAME
#undef LOWERING_COVERAGE_SYNC
#undef LOWERING_LOADS
#undef LOWERING_STORES
#undef LOWERING_VEC_LOADS
#undef LOWERING_VEC_STORES
#undef LOWERING_RMW
#undef LOWERING_FENCE
#undef LOWERING_COPIES
#undef LOWERING_INFO
