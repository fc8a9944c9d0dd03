/* SPDX-License-Identifier: MIT
 *
 * threads.c: threads that contend for a lock and wake each other: a program whose course would be
 * another one each time.
 */
#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 3, ROUNDS = 2000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned turn;
static atomic_uint taken;

static void *work(void *data) {
    const unsigned me = *(const unsigned *)data;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&lock);
        for (int j = 0; j < 20; j++)
            atomic_fetch_add(&taken, me);
        if (i % 50 == 0) {
            while (turn % THREADS != me)
                pthread_cond_wait(&changed, &lock);
            turn++;
            pthread_cond_broadcast(&changed);
        }
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS];
    unsigned numbers[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        numbers[i] = i;
        pthread_create(&threads[i], NULL, work, &numbers[i]);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return taken == (0 + 1 + 2) * ROUNDS * 20 ? 0 : 1;
}
