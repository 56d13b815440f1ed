#!/usr/bin/env node
import '../dist/bin/ipfixsend.js';
