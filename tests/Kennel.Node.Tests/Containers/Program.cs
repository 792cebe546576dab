using System.Globalization;
using Kennel.Node.Runtime.Containerd;

namespace Kennel.Node.Tests.Containers;

/// <summary>Run as a program, this starts a pod, tells its ids and waits to be killed.</summary>
public static class Program
{
    public static async Task Main(string[] arguments)
    {
        if (arguments is not ["containerd-child", var process, var number])
        {
            return; // the test runner doesn't come by here
        }
        var options = ContainerdFixture.OptionsOf(int.Parse(process, CultureInfo.InvariantCulture), int.Parse(number, CultureInfo.InvariantCulture));
        var fixture = new ContainerdFixture(options);
        await fixture.InitializeAsync();
        var (sandbox, container) = await fixture.Run(fixture.Sandbox("survivor"), TestPods.Shell("main", "sleep 1000"));
        await Console.Out.WriteLineAsync($"{sandbox} {container}");
        await Task.Delay(Timeout.Infinite);
    }
}
