using Xunit.Abstractions;
using Xunit.Sdk;

namespace Kennel.Walkthrough.Tests.Running;

/// <summary>A story has an order: its tests run by name, and their names begin with a letter.</summary>
public sealed class ByName : ITestCaseOrderer
{
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases) where TTestCase : ITestCase =>
        testCases.OrderBy(c => c.TestMethod.Method.Name, StringComparer.Ordinal);
}
