// SPDX-License-Identifier: Apache-2.0
//
// How much is undiscovered, from what was met only once: Good and Turing's estimate (Good, "The Population Frequencies
// of Species and the Estimation of Population Parameters", Biometrika 40, 1953, section 2), for trials that show
// several species each as in Böhme, "STADS: Software Testing as Species Discovery", TOSEM 27, 2018, section 4. A trial
// is a program, or a schedule where all programs were given; a species is a behaviour (behaviours.h). Pure.
#pragma once

#include <cstdint>

namespace rxcheck {

// What was met in `trials` trials.
struct Discovery {
  uint64_t trials = 0;
  uint64_t distinct = 0;
  uint64_t once = 0;               // behaviours that just one trial showed
  uint64_t twice = 0;              // ...two trials
  uint64_t trials_with_a_new = 0;  // trials that showed a behaviour which no other did
};

// The probability that the next trial shows a behaviour that none has shown: the share of trials that are the only ones
// to have shown something. Each is asked what the others have not shown, so the estimate is without bias for one trial
// less. 1 without trials.
double probability_of_new(const Discovery& met);

// The root of the mean square error of the above, at most. With one behaviour a trial it is 1/sqrt(trials + 1)
// (Robbins, "Estimating the Total Probability of the Unobserved Outcomes of an Experiment", Annals of Mathematical
// Statistics 39, 1968). With several: leaving one out is the deleted estimate of the error of the rule "all of it has
// been seen", for which Rogers' and Wagner's inequality gives 1/n + 6 P(one trial more or less changes the rule's
// answer) (Devroye, Györfi, Lugosi, "A Probabilistic Theory of Pattern Recognition", 1996, theorem 24.2). One trial
// changes the answer about another only if the two alone share a behaviour, of which there are `twice` among
// trials*(trials-1)/2 pairs.
double error_of_new(const Discovery& met);

// How many behaviours the next trial is expected to show that none has shown.
double new_in_next(const Discovery& met);

// At least so many behaviours are there that none has shown: Chao's lower bound ("Estimating the Population Size for
// Capture-Recapture Data with Unequal Catchability", Biometrics 43, 1987), in the form that is defined without any
// behaviour met twice.
double undiscovered(const Discovery& met);

}  // namespace rxcheck
