/* Random numbers that depend on a seed and a number alone (Steele, Lea and Flood, "Fast splittable
 * pseudorandom number generators", OOPSLA 2014). There is no state to hand on, so it does not matter
 * which rank draws which number. */
#ifndef SPLITMIX64_H
#define SPLITMIX64_H

#include <stdint.h>

static inline uint64_t splitmix64_mix(uint64_t bits)
{
    bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
    return bits ^ (bits >> 31);
}

/* The output with this number, counted from 0, of the generator that starts with this seed: 64 random bits. */
static inline uint64_t splitmix64(uint64_t seed, uint64_t number)
{
    /* The seed is mixed so that the streams of 1 and 2 do not lie side by side in the one long period. */
    return splitmix64_mix(splitmix64_mix(seed) + (number + 1) * UINT64_C(0x9e3779b97f4a7c15));
}

/* The same as a number in [0, 1), with all 53 bits that a double holds. */
static inline double splitmix64_uniform(uint64_t seed, uint64_t number)
{
    return (double)(splitmix64(seed, number) >> 11) * 0x1p-53;
}

#endif
