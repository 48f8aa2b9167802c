"""How fast is the product, beside the parts it stands on?"""
