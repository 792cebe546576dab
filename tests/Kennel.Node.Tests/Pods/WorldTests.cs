using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Kennel.Node.Pods;
using Kennel.Node.Runtime;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;
using RuntimeContainer = Kennel.Node.Runtime.ContainerState;

namespace Kennel.Node.Tests.Pods;

/// <summary>What must hold whatever happens to a pod, in whatever order.</summary>
public sealed class WorldTests
{
    [Fact]
    public void Never_two_live_containers_of_a_name_nor_a_delete_before_the_end_and_counts_only_grow() =>
        Prop.ForAll<byte[]>(moves =>
        {
            var world = new World();
            foreach (var move in moves) world.Move(move);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void When_faults_stop_the_pod_runs() =>
        Prop.ForAll<byte[]>(moves =>
        {
            var world = new World { Immortal = true };
            foreach (var move in moves) world.Move(move);
            world.Settle();
            world.Running.ShouldBe(3, world.Story);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void When_it_is_deleted_it_goes() =>
        Prop.ForAll<byte[]>(moves =>
        {
            var world = new World();
            foreach (var move in moves) world.Move(move);
            world.Delete();
            world.Settle();
            world.Over.ShouldBeTrue(world.Story);
        }).QuickCheckThrowOnFailure();

    /// <summary>A pod with two containers and a sidecar, an API and a runtime, all as values; effects happen at once or fail.</summary>
    sealed class World
    {
        readonly List<string> _story = [];
        readonly SortedDictionary<string, uint> _counts = new(StringComparer.Ordinal);
        Observed _o = PodCase.Read("""
            spec {"terminationGracePeriodSeconds":10,"initContainers":[{"name":"side","image":"i","restartPolicy":"Always"}],"containers":[{"name":"a","image":"app:1"},{"name":"b","image":"app:1","livenessProbe":{"tcpSocket":{"port":1}}}]}
            """);
        int _ids;

        public bool Immortal { get; init; }

        public bool Over { get; private set; }

        public string Story => string.Join('\n', _story);

        public int Running => _o.Sandboxes.Length == 0 ? 0 : _o.Sandboxes[0].Containers.Count(c => c.Phase is ContainerPhase.Running);

        public void Move(byte move)
        {
            if (Over) return;
            var live = _o.Live().ToList();
            switch (move % 8)
            {
                case 0 when live.Count > 0: Exit(live[move / 8 % live.Count].Id, move % 3); break;
                case 1 when _o.Sandboxes.Length > 0: KillSandbox(); break;
                case 2: Pass(move); break;
                case 3 when _o.Latest("b") is { Phase: ContainerPhase.Running } b: _o = _o with { Facts = _o.Facts.With("b", c => c with { Probes = new(b.Id, true, true, "liveness") }) }; break;
                case 4 when !Immortal && move > 128: Delete(); break;
                case 5 when !Immortal && move > 192: _o = _o with { Gone = true }; break;
                default: Round(fail: move % 8 == 6 && move > 200); break;
            }
        }

        public void Delete() => _o = _o with { Pod = _o.Pod! with { Metadata = _o.Pod.Metadata with { DeletionTimestamp = _o.Now, DeletionGracePeriodSeconds = 10 } } };

        public void Settle()
        {
            for (var i = 0; i < 60 && !Over; i++)
            {
                Round(fail: false);
                Pass(255);
            }
        }

        void Pass(int seconds) => _o = _o with { Now = _o.Now.AddSeconds(seconds) };

        void Round(bool fail)
        {
            foreach (var step in Decide.Pod(_o).Steps)
            {
                _story.Add(step.ToString());
                if (!fail) Apply(step);
            }
            Check();
        }

        void Check()
        {
            foreach (var name in _o.Live().GroupBy(c => c.Name, StringComparer.Ordinal)) name.Count().ShouldBe(1, $"two live containers {name.Key}\n{Story}");
            foreach (var s in StatusOf.Pod(_o).ContainerStatuses)
            {
                ((uint)s.RestartCount).ShouldBeGreaterThanOrEqualTo(_counts.GetValueOrDefault(s.Name), $"{s.Name} counts back\n{Story}");
                _counts[s.Name] = (uint)s.RestartCount;
            }
        }

        void Apply(PodStep step)
        {
            var f = _o.Facts;
            switch (step)
            {
                case PodStep.EnsureVolumes: f = f with { Places = ImmutableSortedDictionary<string, Place>.Empty }; break;
                case PodStep.RunSandbox run: _o = _o with { Sandboxes = _o.Sandboxes.Insert(0, new($"s{_ids++}", new("default", "web-0", "u1"), run.Attempt, true, _o.Now, ["10.0.0.1"], [])) }; break;
                case PodStep.EnsureImage image: f = f.With(image.Container, c => c with { Image = "image" }); break;
                case PodStep.StartContainer start:
                    Change(0, s => s with { Containers = [.. s.Containers, new($"c{_ids++}", start.Container, start.Attempt, ContainerPhase.Running, _o.Now, _o.Now, null, 0, "", "", "", "")] });
                    f = f.With(start.Container, c => c with { Image = null, Crash = start.Backoff });
                    break;
                case PodStep.StopContainer stop:
                    f = f with { Stopping = f.Stopping.SetItem(stop.Id, new(_o.Now, stop.GraceSeconds)) };
                    Exit(stop.Id, 143);
                    break;
                case PodStep.StopSandbox stop: f = f with { Retired = f.Retired.Add(stop.Id) }; KillSandbox(stop.Id); break;
                case PodStep.RemoveContainer remove: Each(s => s with { Containers = [.. s.Containers.Where(c => c.Id != remove.Id)] }); break;
                case PodStep.RemoveSandbox remove:
                    foreach (var c in _o.Sandboxes.First(s => s.Id == remove.Id).Containers.OrderBy(c => c.Attempt))
                        f = f.With(c.Name, x => x.Past is { } past && past.Attempt > c.Attempt ? x : x with { Past = c });
                    _o = _o with { Sandboxes = _o.Sandboxes.RemoveAll(s => s.Id == remove.Id) };
                    break;
                case PodStep.TearDown: f = f with { Unmounted = true, TornDown = true }; break;
                case PodStep.BackOffSaid said: f = f.With(said.Container, c => c with { BackOffSaid = said.Attempt }); break;
                case PodStep.Finish or PodStep.Forget:
                    _o.Live().ShouldBeEmpty(Story);
                    _o.Sandboxes.ShouldBeEmpty(Story);
                    Over = true;
                    break;
            }
            _o = _o with { Facts = f };
        }

        void Exit(string id, int code) => Each(s => s with { Containers = [.. s.Containers.Select(c => c.Id == id ? Ended(c, code) : c)] });

        void KillSandbox(string? id = null) => Each(s => id is null || s.Id == id ? s with { Ready = false, Containers = id is null ? s.Containers : [.. s.Containers.Select(c => Ended(c, 137))] } : s);

        RuntimeContainer Ended(RuntimeContainer c, int code) => c.Phase is ContainerPhase.Exited ? c : c with { Phase = ContainerPhase.Exited, ExitCode = code, FinishedAt = _o.Now };

        void Each(Func<SandboxState, SandboxState> change) => _o = _o with { Sandboxes = [.. _o.Sandboxes.Select(change)] };

        void Change(int index, Func<SandboxState, SandboxState> change) => _o = _o with { Sandboxes = _o.Sandboxes.SetItem(index, change(_o.Sandboxes[index])) };
    }
}
