package com.example.text;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Declares the blocks of this plug-in. The file in META-INF/spring names this class. */
@AutoConfiguration
public class TextBlocks {

  @Bean
  SummaryBlock summaryBlock() {
    return new SummaryBlock();
  }
}
