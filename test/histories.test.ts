// Random histories against the real server, judged by the oracle: programs whose points last for ever.
import { describeHistories } from './support/histories/suite.ts';

describeHistories(false);
