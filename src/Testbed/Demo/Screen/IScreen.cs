namespace Modestano.Testbed.Demo.Screen;

/// <summary>Shows a demo while it runs.</summary>
public interface IScreen : IDisposable
{
    /// <summary>A line to remember: stays on screen.</summary>
    void Say(string line);

    /// <summary>The state now.</summary>
    void Show(DemoView view);

    /// <summary>Leaves the state as it is shown now; what is said next comes below it.</summary>
    void Rest();
}
