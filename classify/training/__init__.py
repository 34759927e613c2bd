from classify.training.build import train

__all__ = ["train"]
