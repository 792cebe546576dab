using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Kennel.Node.Pods;
using Kennel.Node.Runtime;
using Kennel.Node.Volumes;
using Kennel.Objects;
using Kennel.Objects.Core;
using RuntimeContainer = Kennel.Node.Runtime.ContainerState;

namespace Kennel.Node.Tests.Pods;

/// <summary>
/// An observation as text, a line a fact: <c>spec JSON</c>, <c>meta JSON</c>, <c>gone</c>, <c>volumes</c>, <c>sandbox ID ATTEMPT ready|dead</c>,
/// <c>container ID NAME ATTEMPT running|created|exited:CODE@SECONDS</c> (in the sandbox above it), <c>given ID JSON</c> (its resources), <c>room REASON MESSAGE</c> (there is none), <c>image NAME</c>,
/// <c>crash NAME DELAY@SECONDS</c>, <c>busy KIND NAME</c>, <c>stopping ID GRACE@SECONDS</c>, <c>unhealthy NAME ID PROBE</c>, <c>started NAME ID</c>, <c>ready NAME ID</c>,
/// <c>retired ID</c>, <c>unmounted</c>, <c>torndown</c>, <c>deleted</c>, <c>fenced SECONDS</c>, <c>trouble NAME REASON@SECONDS</c>. Seconds are ago.
/// </summary>
static class PodCase
{
    static readonly DateTimeOffset s_now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static string Decide(string text)
    {
        var o = Read(text);
        return $"{Kennel.Node.Pods.Decide.Pod(o)}\n{Shown(StatusOf.Pod(o))}".TrimStart('\n');
    }

    public static Observed Read(string text)
    {
        string spec = """{"containers":[{"name":"main","image":"app:1"}]}""", meta = "{}", status = "{}";
        var gone = false;
        Refused? room = null;
        var facts = Facts.None with { SeenAt = s_now.AddMinutes(-1) };
        var sandboxes = new List<SandboxState>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (word, rest) = line.Split(' ', 2) is [var w, var r] ? (w, r) : (line, "");
            var a = rest.Split(' ');
            switch (word)
            {
                case "spec": spec = rest; break;
                case "meta": meta = rest; break;
                case "status": status = rest; break;
                case "gone": gone = true; break;
                case "volumes": facts = facts with { Places = ImmutableSortedDictionary<string, Place>.Empty }; break;
                case "sandbox": sandboxes.Insert(0, new(a[0], new("default", "web-0", "u1"), uint.Parse(a[1], CultureInfo.InvariantCulture), a[2] == "ready", s_now.AddMinutes(-1), a[2] == "ready" ? ["10.0.0.5"] : [], [])); break;
                case "container": sandboxes[0] = sandboxes[0] with { Containers = [.. sandboxes[0].Containers, Container(a)] }; break;
                case "given": sandboxes[0] = sandboxes[0] with { Containers = [.. sandboxes[0].Containers.Select(c => c.Id == a[0] ? c with { Resources = rest[(a[0].Length + 1)..] } : c)] }; break;
                case "room": room = new(a[0], rest[(a[0].Length + 1)..]); break;
                case "image": facts = facts.With(a[0], c => c with { Image = "image" }); break;
                case "crash": facts = facts.With(a[0], c => c with { Crash = new(TimeSpan.FromSeconds(Number(a[1], 0)), Ago(a[1])) }); break;
                case "busy": facts = facts with { Busy = new(a[0], a.Length > 1 ? a[1] : "") }; break;
                case "stopping": facts = facts with { Stopping = facts.Stopping.SetItem(a[0], new(Ago(a[1]), Number(a[1], 0))) }; break;
                case "unhealthy": facts = facts.With(a[0], c => c with { Probes = new(a[1], true, true, a[2]) }); break;
                case "started": facts = facts.With(a[0], c => c with { Probes = new(a[1], true, false) }); break;
                case "ready": facts = facts.With(a[0], c => c with { Probes = new(a[1], true, true) }); break;
                case "retired": facts = facts with { Retired = facts.Retired.Add(a[0]) }; break;
                case "unmounted": facts = facts with { Unmounted = true }; break;
                case "torndown": facts = facts with { Unmounted = true, TornDown = true }; break;
                case "fenced": facts = facts with { FenceSeconds = Number(a[0], 0) }; break;
                case "deleted": facts = facts with { Deleted = true }; break;
                case "trouble": facts = facts.With(a[0], c => c with { ImageTrouble = new(a[1].Split('@')[0], "no such image", 1, Ago(a[1]), Ago(a[1]).AddSeconds(10)) }); break;
                default: throw new FormatException($"unknown line: {line}");
            }
        }
        return new(Pod(spec, meta, status), gone, [.. sandboxes], facts, s_now, new("node-1", ["192.168.0.1"], "containerd"), Room: room);
    }

    static Pod Pod(string spec, string meta, string status)
    {
        var pod = Json.Read<Pod>(Encoding.UTF8.GetBytes($$"""{"metadata":{{meta}},"spec":{{spec}},"status":{{status}}}"""));
        return pod with { Metadata = pod.Metadata with { Name = "web-0", Namespace = "default", Uid = "u1" }, Spec = pod.Spec! with { RestartPolicy = pod.Spec.RestartPolicy ?? "Always", TerminationGracePeriodSeconds = pod.Spec.TerminationGracePeriodSeconds ?? 30 } };
    }

    static RuntimeContainer Container(string[] a)
    {
        var phase = a[3].StartsWith("exited", StringComparison.Ordinal) ? ContainerPhase.Exited : Enum.Parse<ContainerPhase>(a[3], ignoreCase: true);
        var code = phase is ContainerPhase.Exited ? int.Parse(a[3].Split(':', '@')[1], CultureInfo.InvariantCulture) : 0;
        DateTimeOffset? ended = phase is ContainerPhase.Exited ? Ago(a[3]) : null;
        return new(a[0], a[1], uint.Parse(a[2], CultureInfo.InvariantCulture), phase, s_now.AddMinutes(-1), s_now.AddMinutes(-1), ended, code, "", "", "sha", "");
    }

    static long Number(string text, int part) => long.Parse(text.Split('@')[part], CultureInfo.InvariantCulture);

    static DateTimeOffset Ago(string text) => s_now.AddSeconds(-long.Parse(text.Split('@') is [_, var ago] ? ago : "0", CultureInfo.InvariantCulture));

    static string Shown(PodStatus status)
    {
        var text = new StringBuilder($"status {status.Phase}{(status.Reason is null ? "" : " " + status.Reason)}");
        foreach (var c in status.Conditions.Where(c => c.Status == "False" && c.Type != "ContainersReady"))
            text.Append(CultureInfo.InvariantCulture, $"\n  not {c.Type}{(c.Message is null ? c.Reason is null ? "" : ": " + c.Reason : ": " + c.Message)}");
        foreach (var s in status.InitContainerStatuses.Concat(status.ContainerStatuses).Concat(status.EphemeralContainerStatuses))
            text.Append(CultureInfo.InvariantCulture, $"\n  {s.Name} {State(s.State)}{(s.Ready ? " ready" : "")}{(s.RestartCount > 0 ? $" restarts {s.RestartCount}" : "")}{(s.LastState?.Terminated is { } t ? $" before: exit {t.ExitCode}" : "")}");
        foreach (var c in status.Conditions.Where(c => c.Type.StartsWith("PodResize", StringComparison.Ordinal))) text.Append(CultureInfo.InvariantCulture, $"\n  {c.Type} {c.Reason}: {c.Message}");
        return text.ToString();
    }

    static string State(Objects.Core.ContainerState? state) =>
        state?.Running is not null ? "running" : state?.Terminated is { } t ? $"terminated {t.ExitCode} {t.Reason}" : $"waiting {state?.Waiting?.Reason}{(state?.Waiting?.Message is { } m ? ": " + m : "")}";
}
