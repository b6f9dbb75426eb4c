"""The media library: pictures, sound and documents that staff bring, describe and use."""
