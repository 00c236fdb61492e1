package io.inkstream.generator;

import io.inkstream.generator.answers.AnswerWriter;
import io.inkstream.generator.answers.Completions;
import io.inkstream.generator.generation.GenerationLoop;
import io.inkstream.generator.generation.Member;
import io.inkstream.generator.models.LoadedModel;
import io.inkstream.generator.models.ModelCatalogue;
import io.inkstream.generator.models.Models;
import io.inkstream.generator.requests.Envelope;
import io.inkstream.generator.requests.Request;
import io.inkstream.generator.requests.RequestReader;
import io.inkstream.generator.requests.RequestRefusedException;
import io.inkstream.generator.requests.Ticket;
import io.inkstream.languagemodel.decoding.Generation;
import io.inkstream.platform.InkstreamException;
import io.inkstream.schemas.Completion;
import java.time.Duration;
import java.util.SortedSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The path of a request: it is read, gets the model of its corpus, is generated in the loop, and answered. Whatever goes
 * wrong on the way is an answer too.
 */
final class RequestFlow {

    private static final Logger log = LoggerFactory.getLogger(RequestFlow.class);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(1);

    private final RequestReader reader;
    private final ModelCatalogue catalogue;
    private final Models models;
    private final GenerationLoop loop;
    private final AnswerWriter answers;
    private final GeneratorMeters meters;
    private final ScheduledExecutorService workers;
    private final ScheduledExecutorService registryReaders;
    private final Consumer<Exception> broken;

    /**
     * The way through these.
     *
     * @param workers read requests, and cut their prefixes into tokens
     * @param registryReaders read those whose schema the registry has yet to give
     * @param broken told of a failure that no other request would be spared
     */
    RequestFlow(
            RequestReader reader,
            ModelCatalogue catalogue,
            Models models,
            GenerationLoop loop,
            AnswerWriter answers,
            GeneratorMeters meters,
            ScheduledExecutorService workers,
            ScheduledExecutorService registryReaders,
            Consumer<Exception> broken) {
        this.reader = reader;
        this.catalogue = catalogue;
        this.models = models;
        this.loop = loop;
        this.answers = answers;
        this.meters = meters;
        this.workers = workers;
        this.registryReaders = registryReaders;
        this.broken = broken;
    }

    /** Sets a request going; returns at once. */
    void begin(Envelope envelope, Ticket ticket) {
        begin(envelope, ticket, Duration.ZERO);
    }

    private void begin(Envelope envelope, Ticket ticket, Duration delay) {
        boolean needsRegistry = reader.needsRegistry(envelope);
        ticket.waitsForRegistry(needsRegistry);
        // Deals with its own failures.
        Future<?> unused = (needsRegistry ? registryReaders : workers)
                .schedule(() -> read(envelope, ticket), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void read(Envelope envelope, Ticket ticket) {
        if (!ticket.isUnderWay()) {
            return;
        }
        Request request;
        try {
            request = reader.read(envelope);
        } catch (RequestRefusedException e) {
            ticket.waitsForRegistry(false);
            refuse(envelope, ticket, e);
            return;
        } catch (RetriableException e) {
            log.atWarn()
                    .addKeyValue("topic", envelope.record().topic())
                    .addKeyValue("partition", envelope.record().partition())
                    .addKeyValue("offset", envelope.record().offset())
                    .addKeyValue("error", e.getMessage())
                    .log("Request not yet readable");
            begin(envelope, ticket, BEFORE_RETRY);
            return;
        } catch (RuntimeException e) {
            broken.accept(e); // such as a registry that refuses our credentials
            return;
        } catch (OutOfMemoryError | StackOverflowError e) {
            // It is this record that takes so much: the others must not be lost for it.
            refuse(
                    envelope,
                    ticket,
                    RequestRefusedException.unreadable(
                            "The request at offset %d of %s-%d cannot be read: %s"
                                    .formatted(
                                            envelope.record().offset(),
                                            envelope.record().topic(),
                                            envelope.record().partition(),
                                            e),
                            e));
            return;
        }
        ticket.waitsForRegistry(false);
        findModel(envelope, ticket, request);
    }

    private void findModel(Envelope envelope, Ticket ticket, Request request) {
        String corpus = request.corpus() == null ? onlyCorpus() : request.corpus();
        if (corpus == null) {
            refuse(
                    envelope,
                    ticket,
                    null,
                    request.prefix(),
                    request.options().temperature(),
                    "Say which corpus with the header inkstream.corpus: %s.".formatted(models.knownCorpora()));
            return;
        }
        // Whatever comes of it is an answer.
        Future<?> unused = models.forRequest(corpus)
                .whenCompleteAsync(
                        (model, problem) -> {
                            if (problem == null) {
                                generate(envelope, ticket, request, model);
                            } else {
                                refuse(envelope, ticket, request, corpus, sentence(corpus, problem));
                            }
                        },
                        workers);
    }

    private void generate(Envelope envelope, Ticket ticket, Request request, LoadedModel model) {
        if (!ticket.isUnderWay()) {
            return;
        }
        try {
            loop.join(new Asked(envelope, ticket, model, model.decoder().begin(request.prefix(), request.options())));
        } catch (RuntimeException | OutOfMemoryError e) {
            log.atError().addKeyValue("corpus", model.corpus()).setCause(e).log("Prefix not read");
            refuse(envelope, ticket, request, model.corpus(), "The prefix could not be read: %s.".formatted(e));
        }
    }

    /** What is no request is a dead letter, too; the offset moves on with the answer, so the dead letter must be there before. */
    private void refuse(Envelope envelope, Ticket ticket, RequestRefusedException e) {
        Completion completion =
                Completions.error(e.corpus(), e.prefix(), e.temperature(), e.getMessage(), envelope.milliseconds());
        if (e.isUnreadable()) {
            meters.answered(completion);
            answers.writeAfterDeadLetter(envelope, e, completion, ticket);
        } else {
            answer(envelope, ticket, completion);
        }
    }

    private void refuse(Envelope envelope, Ticket ticket, Request request, String corpus, String sentence) {
        refuse(envelope, ticket, corpus, request.prefix(), request.options().temperature(), sentence);
    }

    private void refuse(
            Envelope envelope, Ticket ticket, String corpus, String prefix, double temperature, String sentence) {
        answer(envelope, ticket, Completions.error(corpus, prefix, temperature, sentence, envelope.milliseconds()));
    }

    private void answer(Envelope envelope, Ticket ticket, Completion completion) {
        meters.answered(completion);
        answers.write(envelope, completion, ticket);
    }

    private String onlyCorpus() {
        SortedSet<String> trained = catalogue.trained();
        return trained.size() == 1 ? trained.first() : null;
    }

    private static String sentence(String corpus, Throwable problem) {
        Throwable cause =
                problem instanceof CompletionException && problem.getCause() != null ? problem.getCause() : problem;
        if (cause instanceof InkstreamException) {
            return cause.getMessage();
        }
        return cause instanceof TimeoutException
                ? "The model of corpus '%s' was not loaded in time: ask again.".formatted(corpus)
                : "The model of corpus '%s' could not be had: %s.".formatted(corpus, cause);
    }

    /** A request in the loop, which is answered when it ends. */
    private final class Asked implements Member {

        private final Envelope envelope;
        private final Ticket ticket;
        private final LoadedModel model;
        private final Generation generation;
        private final String client;

        Asked(Envelope envelope, Ticket ticket, LoadedModel model, Generation generation) {
            this.envelope = envelope;
            this.ticket = ticket;
            this.model = model;
            this.generation = generation;
            this.client = envelope.client();
        }

        @Override
        public String client() {
            return client;
        }

        @Override
        public Generation generation() {
            return generation;
        }

        @Override
        public boolean isWanted() {
            return ticket.isUnderWay();
        }

        @Override
        public void ended() {
            answer(envelope, ticket, Completions.of(model, generation, envelope.milliseconds()));
        }

        @Override
        public void failed(RuntimeException problem) {
            refuse(
                    envelope,
                    ticket,
                    model.corpus(),
                    generation.prefix(),
                    generation.options().temperature(),
                    "The prefix could not be completed: %s.".formatted(problem));
        }
    }
}
