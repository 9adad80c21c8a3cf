"""WhatsApp's side of the encryption, made with the OpenSSL command line.

``openssl enc`` refuses GCM, so GCM is put together here as NIST SP 800-38D defines it: every AES operation
is OpenSSL's, only the polynomial hash is Python.
"""

from __future__ import annotations

import subprocess

TAG = 16


def openssl(*arguments: str, data: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *arguments], input=data, capture_output=True, check=True)
    return done.stdout


def wrap_key(key: bytes, public_key_file: str) -> bytes:
    """RSA-OAEP with SHA-256."""
    options = ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256"]
    flags = [part for option in options for part in ("-pkeyopt", option)]
    return openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", public_key_file, *flags, data=key)


def gcm_encrypt(key: bytes, iv: bytes, plain: bytes) -> bytes:
    """AES-128-GCM without associated data: ciphertext and tag."""
    first = _first_counter(key, iv)
    ciphertext = _counter_mode(key, _plus_one(first), plain)
    return ciphertext + _tag(key, first, ciphertext)


def gcm_decrypt(key: bytes, iv: bytes, sealed: bytes) -> bytes:
    """The plaintext; an AssertionError where the tag is wrong."""
    ciphertext, tag = sealed[:-TAG], sealed[-TAG:]
    first = _first_counter(key, iv)
    assert _tag(key, first, ciphertext) == tag
    return _counter_mode(key, _plus_one(first), ciphertext)


def cbc_encrypt(key: bytes, iv: bytes, plain: bytes) -> bytes:
    """AES-256-CBC with PKCS 7 padding."""
    return openssl("enc", "-aes-256-cbc", "-K", key.hex(), "-iv", iv.hex(), data=plain)


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    return openssl("dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key.hex()}", "-binary", data=data)


def sha256(data: bytes) -> bytes:
    return openssl("dgst", "-sha256", "-binary", data=data)


def _block(key: bytes, block: bytes) -> bytes:
    return openssl("enc", "-aes-128-ecb", "-nopad", "-K", key.hex(), data=block)


def _counter_mode(key: bytes, counter: bytes, data: bytes) -> bytes:
    return openssl("enc", "-aes-128-ctr", "-K", key.hex(), "-iv", counter.hex(), data=data)


def _first_counter(key: bytes, iv: bytes) -> bytes:
    padded = iv + bytes(-len(iv) % 16) + bytes(8) + (8 * len(iv)).to_bytes(8, "big")
    return _ghash(_block(key, bytes(16)), padded)


def _plus_one(counter: bytes) -> bytes:
    number = (int.from_bytes(counter[12:], "big") + 1) % 2**32
    return counter[:12] + number.to_bytes(4, "big")


def _tag(key: bytes, first: bytes, ciphertext: bytes) -> bytes:
    padded = ciphertext + bytes(-len(ciphertext) % 16) + bytes(8) + (8 * len(ciphertext)).to_bytes(8, "big")
    digest = _ghash(_block(key, bytes(16)), padded)
    return bytes(a ^ b for a, b in zip(digest, _block(key, first), strict=True))


def _ghash(subkey: bytes, data: bytes) -> bytes:
    h, y = int.from_bytes(subkey, "big"), 0
    for start in range(0, len(data), 16):
        y = _multiply(y ^ int.from_bytes(data[start : start + 16], "big"), h)
    return y.to_bytes(16, "big")


def _multiply(x: int, y: int) -> int:
    product = 0
    for bit in range(127, -1, -1):
        if x >> bit & 1:
            product ^= y
        y = y >> 1 ^ (0xE1 << 120 if y & 1 else 0)
    return product
