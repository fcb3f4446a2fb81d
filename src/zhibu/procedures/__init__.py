"""Running cases of declared procedures. Which steps there are, the rulebook says; nothing here knows one by name."""
