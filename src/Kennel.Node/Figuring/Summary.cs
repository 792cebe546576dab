using System.Buffers;
using System.Text.Json;
using Kennel.Node.Runtime;
using Kennel.Objects;

namespace Kennel.Node.Figuring;

/// <summary>A pod whose figures are told.</summary>
/// <param name="Cgroup">Its own, above those of its containers.</param>
public sealed record Measured(PodIdentity Pod, string Cgroup, IReadOnlyList<(string Name, string Id, DateTimeOffset StartedAt)> Containers);

/// <summary>
/// What the node and its pods use now, for <c>kubectl top</c>: upstream's <c>/stats/summary</c> as far as it goes. Nothing is measured while
/// nobody asks: a rate is taken since the last question, or over half a second when that was long ago.
/// </summary>
sealed class Summary(string node, Meter meter, Func<IReadOnlyList<Measured>> pods, TimeProvider time) : IDisposable
{
    static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(500), s_oldest = TimeSpan.FromMinutes(1), s_kept = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim _turn = new(1);
    Sample? _last;
    byte[] _document = [];
    DateTimeOffset _at;

    sealed record Sample(DateTimeOffset At, IReadOnlyList<Measured> Pods, Usage? Machine, Dictionary<string, Usage> Cgroups);

    public async Task<byte[]> Document(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            if (_document.Length > 0 && time.GetUtcNow() - _at < s_kept) return _document;
            if (_last is null || time.GetUtcNow() - _last.At > s_oldest)
            {
                _last = Take();
                if (_last.Cgroups.Count > 0 || _last.Machine is not null) await Task.Delay(s_shortest, time, cancel);
            }
            var now = Take();
            (_document, _at, _last) = (Write(_last, now), now.At, now);
            return _document;
        }
        finally
        {
            _turn.Release();
        }
    }

    Sample Take()
    {
        var (all, found) = (pods(), new Dictionary<string, Usage>(StringComparer.Ordinal));
        foreach (var path in all.SelectMany(p => p.Containers.Select(c => $"{p.Cgroup}/{c.Id}").Prepend(p.Cgroup)))
            if (meter.OfCgroup(path) is { } usage) found[path] = usage;
        return new(time.GetUtcNow(), all, meter.OfMachine(), found);
    }

    byte[] Write(Sample before, Sample now)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using var w = new Utf8JsonWriter(buffer, Json.Writing);
        w.WriteStartObject();
        w.WriteStartObject("node"u8);
        w.WriteString("nodeName"u8, node);
        if (now.Machine is { } machine) WriteUsage(w, machine, before.Machine);
        w.WriteEndObject();
        w.WriteStartArray("pods"u8);
        foreach (var pod in now.Pods) WritePod(w, pod, before, now);
        w.WriteEndArray();
        w.WriteEndObject();
        w.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    static void WritePod(Utf8JsonWriter w, Measured pod, Sample before, Sample now)
    {
        w.WriteStartObject();
        w.WriteStartObject("podRef"u8);
        w.WriteString("name"u8, pod.Pod.Name);
        w.WriteString("namespace"u8, pod.Pod.Namespace);
        w.WriteString("uid"u8, pod.Pod.Uid);
        w.WriteEndObject();
        if (now.Cgroups.TryGetValue(pod.Cgroup, out var whole)) WriteUsage(w, whole, before.Cgroups.TryGetValue(pod.Cgroup, out var was) ? was : null);
        w.WriteStartArray("containers"u8);
        foreach (var (name, id, started) in pod.Containers)
        {
            var path = $"{pod.Cgroup}/{id}";
            var usage = now.Cgroups.TryGetValue(path, out var found) ? found : new Usage(now.At, 0, 0);
            w.WriteStartObject();
            w.WriteString("name"u8, name);
            w.WriteString("startTime"u8, started);
            WriteUsage(w, usage, before.Cgroups.TryGetValue(path, out var then) ? then : new Usage(started, 0, 0)); // a new one: since it began
            w.WriteEndObject();
        }
        w.WriteEndArray();
        w.WriteEndObject();
    }

    static void WriteUsage(Utf8JsonWriter w, Usage usage, Usage? before)
    {
        w.WriteStartObject("cpu"u8);
        w.WriteString("time"u8, usage.At);
        if (before is { } b) w.WriteNumber("usageNanoCores"u8, usage.NanoCoresSince(b));
        w.WriteNumber("usageCoreNanoSeconds"u8, usage.CpuNanoseconds);
        w.WriteEndObject();
        w.WriteStartObject("memory"u8);
        w.WriteString("time"u8, usage.At);
        w.WriteNumber("workingSetBytes"u8, usage.WorkingSetBytes);
        w.WriteEndObject();
    }

    public void Dispose() => _turn.Dispose();
}
