"""What a text is about: themes, who attends them, modality. Pure: no Django, no models, no package (decisión 0028).

Nothing is imported here on purpose: a process that classifies nothing pays nothing for it.
"""
