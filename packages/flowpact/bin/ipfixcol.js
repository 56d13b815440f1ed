#!/usr/bin/env node
import '../dist/bin/ipfixcol.js';
