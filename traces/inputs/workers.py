"""Two threads take lines from a queue and count words under a lock."""
import queue
import threading

lines = queue.Queue(maxsize=16)
counts = {}
lock = threading.Lock()


def work():
    while (line := lines.get()) is not None:
        for text in line.rstrip(".\n").split():
            with lock:
                counts[text] = counts.get(text, 0) + 1


threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
with open("text") as file:
    for number, line in enumerate(file):
        if number == 1000:
            break
        lines.put(line)
for thread in threads:
    lines.put(None)
for thread in threads:
    thread.join()
print(len(counts), max(counts, key=counts.get))
