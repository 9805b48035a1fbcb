#!/bin/sh
# Builds hook.c and libpiepowder into one static program with musl, puts it alone into an empty folder, and has it score listings there as
# root of a file system that holds nothing else, without a network.
#
# Needed: the Rust target x86_64-unknown-linux-musl, musl-gcc, and unshare and chroot with the right to use them.
# Environment: PROFILE is cargo's profile, `release` unless it is set (`dev` builds faster); CARGO_TARGET_DIR as cargo reads it.
# Exit status: 0 scored as expected, 1 not, 77 with `SKIPPED: why` on standard output when something that is needed is lacking.
set -eu

target=x86_64-unknown-linux-musl
profile=${PROFILE:-release}

skip() {
    echo "SKIPPED: $1"
    exit 77
}

command -v cargo >/dev/null && command -v rustc >/dev/null || skip "no cargo and rustc"
command -v musl-gcc >/dev/null || skip "no musl-gcc"
rust=$(rustc --print target-libdir --target "$target") && ls "$rust"/libstd-*.rlib >/dev/null 2>&1 || skip "no Rust target $target"
command -v unshare >/dev/null && command -v chroot >/dev/null || skip "no unshare or no chroot"
unshare --net chroot / true 2>/dev/null || skip "no right to unshare the network and to chroot"

cd "$(dirname "$0")/../../.."
cargo rustc --quiet --profile "$profile" --target "$target" -p piepowder-capi --lib --crate-type staticlib
[ "$profile" = dev ] && folder=debug || folder=$profile

root=$(mktemp -d)
trap 'rm -r "$root"' EXIT

# -static        no loader and no library is looked for when the program starts.
# libunwind.a    the unwinder of the Rust target: the one that gcc adds by itself is made for glibc. It comes behind the library that needs
#                it, and by its path, for its folder has a libc.a too, and musl-gcc's own is wanted.
musl-gcc -std=c99 -O2 -static -I crates/piepowder-capi/include examples/c/hook.c \
    "${CARGO_TARGET_DIR:-target}/$target/$folder/libpiepowder_c.a" "$rust/self-contained/libunwind.a" -o "$root/hook"

# The folder is the whole file system of the program, and there is no network, not even to itself.
expect() {
    status=0
    printed=$(unshare --net chroot "$root" /hook) || status=$?
    tier=$(printf '%s\n' "$printed" | head -n 1)
    printf '%s\n' "$tier"
    case $status,$tier in
    "$1,tier: $2") ;;
    *)
        echo "expected tier $2 and exit status $1, not $status" >&2
        exit 1
        ;;
    esac
}
[ "$(ls -A "$root")" = hook ]
expect 1 urgent <<'END'
Pure cocaine, 3.5 g
Stealth shipping, write to shop@example.com
END
expect 0 clear <<'END'
Oak desk
Solid, 120 cm wide, to be collected
END
