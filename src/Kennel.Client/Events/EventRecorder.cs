using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Client.Events;

/// <summary>Writes events, one after another and beside the work that they tell about: a slow or absent API loses events, never work.</summary>
public sealed class EventRecorder(IApi api, TimeProvider time, Random random, Action<string> log)
{
    /// <summary>Events that may wait; what comes on top is dropped.</summary>
    const int Waiting = 1000;
    const int Tries = 5;

    readonly Channel<Event> _queue = Channel.CreateBounded<Event>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropWrite });
    readonly EventCorrelator _correlator = new();
    long _lastNanos;

    /// <param name="component">Who says it: <c>statefulset-controller</c>.</param>
    public void Record(string component, Note note) => _queue.Writer.TryWrite(Make(component, note, time.GetUtcNow()));

    /// <summary>Sends until cancelled.</summary>
    public async Task Run(CancellationToken cancel)
    {
        try
        {
            while (true) await Tell(await _queue.Reader.ReadAsync(cancel), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
    }

    async ValueTask Tell(Event e, CancellationToken cancel)
    {
        if (_correlator.Correlate(e, time.GetUtcNow()) is not var (told, known)) return;
        for (var tries = 0; tries < Tries; tries++)
        {
            try
            {
                var answer = known is null ? await Create(told, cancel) : await Count(told, known, cancel);
                if (known is not null && answer.Status == 404)
                {
                    (told, known) = (told with { Metadata = e.Metadata, Count = 1, FirstTimestamp = e.FirstTimestamp }, null); // it has expired: tell it anew
                    continue;
                }
                if (answer.Succeeded) _correlator.Sent(told);
                else if (answer.Status is not (403 or 404 or 409)) log($"event {told.Reason} on {told.InvolvedObject.Name}: the server answered {answer.Status}");
                return;
            }
            catch (ApiUnavailableException)
            {
                await Task.Delay(Backoff.Connections.After(tries + 3, random), time, cancel);
            }
        }
    }

    ValueTask<ApiAnswer> Create(Event e, CancellationToken cancel) =>
        api.Send(new("POST", Event.Resource.Path(e.Metadata.Namespace), Json.Write(e)), cancel);

    ValueTask<ApiAnswer> Count(Event e, string name, CancellationToken cancel)
    {
        var patch = new MemoryStream();
        using (var writer = new Utf8JsonWriter(patch, Json.Writing))
        {
            writer.WriteStartObject();
            writer.WriteNumber("count", e.Count ?? 1);
            writer.WriteString("lastTimestamp", Wire.Time(e.LastTimestamp ?? time.GetUtcNow()));
            writer.WriteString("message", e.Message);
            writer.WriteEndObject();
        }
        return api.Send(new("PATCH", Event.Resource.Path(e.Metadata.Namespace, name), patch.ToArray(), "application/merge-patch+json"), cancel);
    }

    Event Make(string component, Note note, DateTimeOffset now)
    {
        var meta = note.Regarding.Metadata;
        var space = string.IsNullOrEmpty(meta.Namespace) ? "default" : meta.Namespace;
        return new()
        {
            Metadata = new() { Name = string.Create(CultureInfo.InvariantCulture, $"{meta.Name}.{Nanos(now):x}"), Namespace = space },
            InvolvedObject = new()
            {
                ApiVersion = note.Regarding.Resource.ApiVersion,
                Kind = note.Regarding.Resource.Kind,
                Name = meta.Name,
                Namespace = meta.Namespace,
                Uid = meta.Uid,
                ResourceVersion = meta.ResourceVersion,
                FieldPath = note.FieldPath,
            },
            Reason = note.Reason,
            Message = Short(note.Message),
            Type = note.Warning ? "Warning" : "Normal",
            Source = new() { Component = component, Host = note.Host },
            ReportingComponent = component,
            ReportingInstance = note.Host ?? "",
            Count = 1,
            FirstTimestamp = now,
            LastTimestamp = now,
        };
    }

    /// <summary>The API takes 1024 bytes of message.</summary>
    static string Short(string message)
    {
        if (Encoding.UTF8.GetByteCount(message) <= 1024) return message;
        var text = message.AsSpan(0, Math.Min(message.Length, 1020));
        while (Encoding.UTF8.GetByteCount(text) > 1020) text = text[..^1];
        return text.ToString() + "…";
    }

    /// <summary>Nanoseconds since 1970 for the name, never the same twice: two events in one clock tick are two objects.</summary>
    long Nanos(DateTimeOffset now)
    {
        var nanos = (now - DateTimeOffset.UnixEpoch).Ticks * 100;
        while (true)
        {
            var last = Interlocked.Read(ref _lastNanos);
            var next = Math.Max(nanos, last + 1);
            if (Interlocked.CompareExchange(ref _lastNanos, next, last) == last) return next;
        }
    }
}
