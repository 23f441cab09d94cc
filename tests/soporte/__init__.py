"""What the tests stand on: their own servers, databases cloned from a template, mail sink, browser, guards."""
