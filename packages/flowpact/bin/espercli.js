#!/usr/bin/env node
import '../dist/bin/espercli.js';
