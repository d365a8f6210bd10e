package com.example.text;

import io.beamline.worker.block.BlockCall;
import io.beamline.worker.block.BlockType;
import io.beamline.worker.block.TypedBlock;
import io.beamline.worker.contract.ResourcePool;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts the words of a text, and lists the most frequent. Thread-safe: it has no state. */
final class SummaryBlock extends TypedBlock<SummaryBlock.Text, SummaryBlock.Summary> {

  private static final int DEFAULT_MAX_WORDS = 10;

  SummaryBlock() {
    super(new BlockType("text.summary", List.of("summary"), ResourcePool.CPU), Text.class);
  }

  /**
   * The inputs; in JSON {@code text}, {@code max_words} and {@code written}.
   *
   * @param maxWords how many words are listed; 10 if absent
   * @param written a date such as 2026-11-29, which the outputs repeat
   */
  record Text(@NotBlank String text, @Min(1) @Max(100) Integer maxWords, LocalDate written) {}

  /** The outputs; in JSON {@code words}, {@code most_frequent} and {@code written}. */
  record Summary(int words, List<Word> mostFrequent, LocalDate written) {}

  /** A word, and how often it is there. */
  record Word(String word, int count) {}

  @Override
  public boolean hasEffects() {
    return false;
  }

  @Override
  protected Summary run(Text inputs, BlockCall call) throws InterruptedException {
    Map<String, Integer> counts = new HashMap<>();
    int words = 0;
    for (String word : inputs.text().toLowerCase(Locale.ROOT).split("\\W+")) {
      // It never waits, so it asks: the step may have been cancelled, or its time may be over.
      if (call.isCancelled()) {
        throw new InterruptedException();
      }
      if (!word.isEmpty()) {
        counts.merge(word, 1, Integer::sum);
        words++;
      }
    }
    int most = inputs.maxWords() == null ? DEFAULT_MAX_WORDS : inputs.maxWords();
    return new Summary(words, mostFrequent(counts, most), inputs.written());
  }

  private static List<Word> mostFrequent(Map<String, Integer> counts, int most) {
    return counts.entrySet().stream()
        .map(entry -> new Word(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparingInt(Word::count).reversed().thenComparing(Word::word))
        .limit(most)
        .toList();
  }
}
