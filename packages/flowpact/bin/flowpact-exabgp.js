#!/usr/bin/env node
import '../dist/bin/flowpact-exabgp.js';
