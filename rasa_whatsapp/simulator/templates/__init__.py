"""The account's templates."""
