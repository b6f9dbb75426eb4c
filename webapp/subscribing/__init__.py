"""The newsletter: signing up, writing and sending editions, who gets them."""
