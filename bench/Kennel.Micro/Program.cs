using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Kennel.Micro;

// Usage: kennel-micro [BenchmarkDotNet's options]: --filter '*' runs all. In process: the rooms are built with this repository's settings.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher.FromTypes([typeof(Objects), typeof(Requests), typeof(Sets), typeof(Replicas), typeof(Scheduling), typeof(Names), typeof(PacketFilters), typeof(Store)]).Run(args, config);
