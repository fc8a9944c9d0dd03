/* SPDX-License-Identifier: MIT
 *
 * absent.c: what hwloc would use of other libraries, and a static program does without. libudev
 * comes as a shared library only, and is asked for the names of disks, which nobody here reads: a
 * library that does not open is what hwloc expects where udev does not run. Its plugins are shared
 * libraries of the machine at hand, made for another C library than the one in this program.
 */
#include <stddef.h>

struct udev;
struct udev_device;

struct udev *udev_new(void);
struct udev *udev_unref(struct udev *udev);
struct udev_device *udev_device_new_from_subsystem_sysname(struct udev *udev, const char *subsystem,
                                                           const char *name);
const char *udev_device_get_property_value(struct udev_device *device, const char *key);
struct udev_device *udev_device_unref(struct udev_device *device);
void *__wrap_dlopen(const char *file, int mode); /* see --wrap in ld(1) */

struct udev *udev_new(void) {
    return NULL;
}

struct udev *udev_unref(struct udev *udev) {
    return udev;
}

struct udev_device *udev_device_new_from_subsystem_sysname(struct udev *udev, const char *subsystem,
                                                           const char *name) {
    (void)udev, (void)subsystem, (void)name;
    return NULL;
}

const char *udev_device_get_property_value(struct udev_device *device, const char *key) {
    (void)device, (void)key;
    return NULL;
}

struct udev_device *udev_device_unref(struct udev_device *device) {
    return device;
}

void *__wrap_dlopen(const char *file, int mode) {
    (void)file, (void)mode;
    return NULL;
}
