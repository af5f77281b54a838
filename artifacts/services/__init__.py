"""Operations: one function per thing the registry does. The only writers."""
